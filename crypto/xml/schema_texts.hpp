// How libxml2 gets documents that others refer to, for the whole process: none, but the texts of a
// schema that this thread loads.
#pragma once

#include <map>
#include <string>

struct _xmlParserInput;
struct _xmlParserCtxt;

namespace ecert::crypto::xml {

class schema_texts {
  public:
    explicit schema_texts(const std::map<std::string, std::string>& files);
    ~schema_texts();
    schema_texts(const schema_texts&) = delete;
    schema_texts& operator=(const schema_texts&) = delete;
};

_xmlParserInput* load_for_libxml(const char* url, const char* id, _xmlParserCtxt* context);

}  // namespace ecert::crypto::xml
