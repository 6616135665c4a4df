#pragma once

#include "http/router.hpp"

#include <span>
#include <string_view>

namespace vigie {

/// One file of the web UI, as built from web/ into the program.
struct web_asset {
  std::string_view path; ///< From the root: "/index.html".
  std::string_view type; ///< Content-Type.
  std::string_view etag; ///< Quoted, of the bytes as they are.
  bool immutable;        ///< Its name holds a hash of its bytes.
  std::string_view bytes, gzip, brotli;
};

std::span<const web_asset> web_assets();

/// `/`, `/docs` and every file of them, `/openapi.json` among these. The policy
/// allows nothing from elsewhere and no script in the page.
void add_page(router& r);

} // namespace vigie
