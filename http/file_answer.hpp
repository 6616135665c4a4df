#pragma once

#include "domain/ports.hpp"

#include <httplib.h>

#include <string>

namespace vigie {

/// `Content-Disposition` (RFC 6266): a plain name for all, and the UTF-8 one
/// (RFC 8187) when it differs.
std::string disposition(bool attachment, const std::string& name);

/// A file with ETag, conditional and Range requests (RFC 9110), from disk.
/// Images are shown inline, everything else is a download.
void answer_file(const httplib::Request& q, httplib::Response& res,
                 const outcome<stored_file>& file);

} // namespace vigie
