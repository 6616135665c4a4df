#include "analysis/detector.hpp"

#include <nlohmann/json.hpp>

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>

namespace vigie {

namespace {

using nlohmann::json;

constexpr float most_overlap = 0.5f;
constexpr std::size_t most_objects = 100;

detector_classes table_of(const json& j) {
  detector_classes t;
  t.layout = j.value("layout", t.layout);
  t.side = j.value("input_side", t.side);
  t.least_confidence = j.value("least_confidence", t.least_confidence);
  if (t.layout != "yolov8" && t.layout != "yolov5")
    throw std::invalid_argument("layout: yolov8 or yolov5");
  if (t.side < 1 || t.side > 4'096)
    throw std::invalid_argument("input_side: 1 to 4096");
  for (auto& c : j.at("classes")) {
    auto severity = parse_severity(c.at("severity").get<std::string>());
    if (!severity)
      throw std::invalid_argument("no such severity: "
                                  + c.at("severity").dump());
    auto index = c.at("index").get<int>();
    if (index < 0)
      throw std::invalid_argument("index: 0 or more");
    t.classes[index] = {c.at("name").get<std::string>(),
                        c.at("label").get<std::string>(), *severity};
  }
  auto zones = j.value("zones", json::object()); // outlives the loop
  for (auto& [zone, names] : zones.items())
    for (auto& name : names)
      t.allowed[zone].insert(name.get<std::string>());
  return t;
}

/// The picture on a grey square, as these models were trained.
struct letterbox {
  cv::Mat square;
  double factor;

  letterbox(const cv::Mat& image, int side)
      : square(side, side, CV_8UC3, cv::Scalar{114, 114, 114}),
        factor(double(side) / std::max(image.cols, image.rows)) {
    cv::Mat small;
    cv::resize(image, small,
               {std::max(1, static_cast<int>(image.cols * factor)),
                std::max(1, static_cast<int>(image.rows * factor))});
    small.copyTo(square(cv::Rect{0, 0, small.cols, small.rows}));
  }
};

struct candidates {
  std::vector<cv::Rect2d> boxes;
  std::vector<float> scores;
  std::vector<int> classes;
};

bool finite_box(const float* row) {
  return std::all_of(row, row + 4, [](float x) { return std::isfinite(x); });
}

/// One row: centre x, centre y, width, height, [objectness,] classes.
void take(candidates& all, const float* row, int columns, bool objectness,
          const detector_classes& t) {
  auto first = objectness ? 5 : 4;
  for (auto& [index, what] : t.classes) {
    if (first + index >= columns)
      continue;
    auto score = row[first + index] * (objectness ? row[4] : 1.f);
    if (!(score >= t.least_confidence) || !finite_box(row))
      continue;
    all.boxes.emplace_back(row[0] - row[2] / 2, row[1] - row[3] / 2, row[2],
                           row[3]);
    all.scores.push_back(std::min(score, 1.f));
    all.classes.push_back(index);
  }
}

candidates read_rows(cv::Mat out, const detector_classes& t) {
  candidates all;
  if (out.dims != 3)
    return all;
  cv::Mat rows(out.size[1], out.size[2], CV_32F, out.ptr<float>());
  if (t.layout == "yolov8")
    rows = rows.t();
  for (int i = 0; i < rows.rows; ++i)
    take(all, rows.ptr<float>(i), rows.cols, t.layout == "yolov5", t);
  return all;
}

} // namespace

outcome<detector_classes>
read_detector_classes(const std::filesystem::path& file) {
  try {
    std::ifstream in(file);
    if (!in)
      return problem{code::bad_request, "analysis.vision_classes_file: cannot "
                                        "read "
                                            + file.string()};
    return table_of(json::parse(in));
  } catch (const std::exception& e) {
    return problem{code::bad_request, "analysis.vision_classes_file: "
                                          + file.string() + ": " + e.what()};
  }
}

outcome<detector> detector::open(const std::filesystem::path& model,
                                 const std::filesystem::path& classes) {
  auto table = read_detector_classes(classes);
  if (!table)
    return table.why();
  try {
    detector d;
    d.table_ = std::move(table).value();
    d.net_ = cv::dnn::readNetFromONNX(model.string());
    return d;
  } catch (const cv::Exception& e) {
    return problem{code::bad_request,
                   "analysis.vision_model: " + model.string() + ": " + e.err};
  }
}

std::vector<observation>
detector::look(const cv::Mat& image, const std::string& filename,
               const std::optional<std::string>& zone) {
  letterbox input{image, table_.side};
  net_.setInput(cv::dnn::blobFromImage(input.square, 1 / 255.0, {}, {}, true));
  auto all = read_rows(net_.forward(), table_);
  std::vector<int> kept;
  cv::dnn::NMSBoxes(all.boxes, all.scores, table_.least_confidence,
                    most_overlap, kept);
  std::vector<observation> out;
  for (auto i : kept) {
    auto n = static_cast<std::size_t>(i);
    auto& what = table_.classes.at(all.classes[n]);
    auto pass = zone ? table_.allowed.find(*zone) : table_.allowed.end();
    if (pass != table_.allowed.end() && pass->second.count(what.name))
      continue;
    auto& b = all.boxes[n];
    observation o;
    o.filename = filename;
    o.label = what.label;
    o.severity = what.severity;
    o.confidence = all.scores[n];
    o.class_name = what.name;
    auto clamp = [&](double x, int most) {
      return std::clamp(x / input.factor, 0.0, double(most));
    };
    o.where = box{clamp(b.x, image.cols), clamp(b.y, image.rows),
                  clamp(b.x + b.width, image.cols),
                  clamp(b.y + b.height, image.rows)};
    out.push_back(std::move(o));
    if (out.size() == most_objects)
      break;
  }
  return out;
}

} // namespace vigie
