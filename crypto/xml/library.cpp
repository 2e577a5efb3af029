#include "crypto/xml/document.hpp"
#include "crypto/xml/error_sink.hpp"
#include "crypto/xml/schema_texts.hpp"
#include "crypto/xml/stylesheet_loader.hpp"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlschemastypes.h>
#include <libxslt/documents.h>
#include <libxslt/xslt.h>
#include <libxslt/xsltutils.h>

namespace ecert::crypto::xml {
namespace {

// What is of interest is collected by the contexts of each call; nothing goes to standard error.
void ignore_text(void*, const char*, ...) {}
void ignore_error(void*, xmlErrorPtr) {}

}  // namespace

library::library() {
    xmlInitParser();
    xmlThrDefSetGenericErrorFunc(nullptr, ignore_text);
    xmlThrDefSetStructuredErrorFunc(nullptr, ignore_error);
    xmlSetGenericErrorFunc(nullptr, ignore_text);
    xmlSetStructuredErrorFunc(nullptr, ignore_error);
    xmlSetExternalEntityLoader(load_for_libxml);
    xsltInit();
    xsltSetGenericErrorFunc(nullptr, collect_error);
    xsltSetLoaderFunc(
        [](const xmlChar* uri, xmlDictPtr dict, int options, void* context, xsltLoadType type) {
            return load_for_libxslt(uri, dict, options, context, type);
        });
}

library::~library() {
    xmlSchemaCleanupTypes();
    xsltCleanupGlobals();
    xmlCleanupParser();
}

}  // namespace ecert::crypto::xml
