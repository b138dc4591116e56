#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http_message.h"
#include "problem.h"

// What keeps other sites and strangers out, before any handler runs.

namespace medallion::serve {

// Refuses requests that a page of another origin could have made.
//  - Host must be a loopback name or one of `allowed_hosts`, against DNS rebinding (421).
//  - Fetch metadata and Origin, where a browser sends them, must name this origin for whatever
//    changes something or reads data (403).
//  - What changes something is JSON with the header `X-Medallion-Request: 1`, which no form can
//    send (415, 403).
// Pure. Nothing: let it in.
std::optional<Problem> FindForgery(const HttpRequest& request,
                                   const std::vector<std::string>& allowed_hosts);

// Headers of every answer: nothing inline, nothing from elsewhere, in no frame, no sniffing.
void AddSecurityHeaders(HttpResponse& response);

}  // namespace medallion::serve
