// How libxslt gets documents, for the whole process: none, but the searched files of a stylesheet
// that this thread loads.
#pragma once

struct _xmlDoc;
struct _xmlDict;

namespace ecert::crypto::xml {

_xmlDoc* load_for_libxslt(const unsigned char* uri, _xmlDict*, int, void*, int type);

}  // namespace ecert::crypto::xml
