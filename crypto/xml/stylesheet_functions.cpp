#include "crypto/xml/conversions.hpp"
#include "crypto/xml/escape.hpp"
#include "crypto/xml/owned.hpp"
#include "crypto/xml/stylesheet_compiled.hpp"

#include <libxml/xpathInternals.h>
#include <libxslt/extensions.h>
#include <libxslt/xsltInternals.h>
#include <libxslt/xsltutils.h>

#include <optional>
#include <string>

namespace ecert::crypto::xml {
namespace {

using parameters = std::map<std::string, std::string>;

std::string popped(xmlXPathParserContext* from) { return taken(xmlXPathPopString(from)); }

void give(xmlXPathParserContext* to, const std::string& text) {
    valuePush(to, xmlXPathNewString(BAD_CAST carried(text).c_str()));
}

bool takes(xmlXPathParserContext* from, int expected, int given) {
    if (expected == given) return true;
    xmlXPathSetArityError(from);
    return false;
}

void look_up(xmlXPathParserContext* in, const std::string& name) {
    const auto* transformation = xsltXPathGetTransformContext(in);
    const auto& known = *static_cast<const parameters*>(transformation->_private);
    const auto found = known.find(name);
    give(in, found == known.end() ? "" : found->second);
}

using conversion = std::optional<std::string> (*)(std::string_view, std::string_view);

void convert(xmlXPathParserContext* in, int given, const char* function, conversion by) {
    if (!takes(in, 2, given)) return;
    const auto form = popped(in);
    const auto text = popped(in);
    const auto made = by(text, form);
    give(in, made.value_or(""));
    if (made) return;
    auto* transformation = xsltXPathGetTransformContext(in);
    xsltTransformError(transformation, nullptr, transformation->inst,
                       "ec:%s() has no form \"%s\"\n", function, form.c_str());
    transformation->state = XSLT_STATE_STOPPED;
}

void param(xmlXPathParserContext* in, int given) {
    if (takes(in, 1, given)) look_up(in, popped(in));
}

void code(xmlXPathParserContext* in, int given) {
    if (!takes(in, 2, given)) return;
    const auto value = popped(in);
    look_up(in, "code." + popped(in) + "." + value);
}

void date(xmlXPathParserContext* in, int given) { convert(in, given, "date", convert_date); }
void number(xmlXPathParserContext* in, int given) { convert(in, given, "number", convert_number); }

}  // namespace

void add_functions(_xsltTransformContext* to, const parameters& known) {
    to->_private = const_cast<parameters*>(&known);
    const std::string ns{exchange_ns};
    const auto add = [&](const char* local, xmlXPathFunction f) {
        xsltRegisterExtFunction(to, BAD_CAST local, BAD_CAST ns.c_str(), f);
    };
    add("param", param);
    add("code", code);
    add("date", date);
    add("number", number);
}

}  // namespace ecert::crypto::xml
