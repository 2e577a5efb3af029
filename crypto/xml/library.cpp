#include "crypto/xml/document.hpp"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxslt/security.h>
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
    xsltInit();
}

library::~library() {
    xsltCleanupGlobals();
    xmlCleanupParser();
}

}  // namespace ecert::crypto::xml
