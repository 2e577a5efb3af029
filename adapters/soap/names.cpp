#include "adapters/soap/names.hpp"

namespace ecert::soap {

std::string_view namespace_of(version v) {
    return v == version::v1_1 ? "http://schemas.xmlsoap.org/soap/envelope/"
                              : "http://www.w3.org/2003/05/soap-envelope";
}

crypto::xml::name element(version v, std::string_view local) {
    return {std::string{namespace_of(v)}, std::string{local}};
}

version other(version v) { return v == version::v1_1 ? version::v1_2 : version::v1_1; }

std::string content_type(version v, std::string_view action) {
    if (v == version::v1_1) return "text/xml; charset=utf-8";
    std::string type = "application/soap+xml; charset=utf-8";
    if (!action.empty()) type.append("; action=\"").append(action).append("\"");
    return type;
}

}  // namespace ecert::soap
