// What stylesheet holds; shared by its loading and its applying.
#pragma once

#include "crypto/handle.hpp"
#include "crypto/xml/stylesheet.hpp"

struct _xsltStylesheet;
struct _xsltTransformContext;

namespace ecert::crypto::xml {

void free_stylesheet(_xsltStylesheet*) noexcept;

struct stylesheet::compiled {
    std::string file;
    bool strips_space = false;  // libxslt strips the input itself: it must get a copy
    handle<_xsltStylesheet, free_stylesheet> sheet;
};

// ec:param, ec:date, ec:code and ec:number; `parameters` must outlive the transformation.
void add_functions(_xsltTransformContext* to, const std::map<std::string, std::string>& parameters);

}  // namespace ecert::crypto::xml
