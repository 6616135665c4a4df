#pragma once

#include "domain/batch.hpp"

#include <string>
#include <string_view>

namespace vigie {

/// French words for what rows carry as codes: for the summary and the report.
std::string_view in_french(severity s);
std::string_view in_french(file_status s);

/// `access_control` → `Contrôle d'accès`; an unknown label stays as it is.
std::string label_in_french(const std::string& label);

/// `blur` → `photo floue`; an unknown class stays as it is.
std::string class_in_french(const std::string& class_name);

/// How a text was read: `tesseract` → `Reconnaissance de caractères`.
std::string engine_in_french(const std::string& engine);

/// `12,5`: one decimal and a comma.
std::string one_decimal(double x);

/// `23/11/2026 13:46:33`, UTC.
std::string date_in_french(utc_time t);

} // namespace vigie
