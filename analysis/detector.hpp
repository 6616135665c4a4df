#pragma once

#include "analysis/analyzer.hpp"
#include "domain/batch.hpp"

#include <opencv2/dnn.hpp>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vigie {

/// What config/vision_classes.json says of a model (it explains its format).
struct detector_classes {
  struct one {
    std::string name, label;
    vigie::severity severity = severity::low;
  };
  std::map<int, one> classes; ///< Classes that are not listed are ignored.
  std::map<std::string, std::set<std::string>> allowed; ///< By zone.
  std::string layout = "yolov8"; ///< yolov8: 4+C x N; yolov5: N x 5+C.
  int side = 640;                ///< Pixels of the square input.
  float least_confidence = 0.4f;
};

outcome<detector_classes>
read_detector_classes(const std::filesystem::path& file);

/// Objects in a picture, by an ONNX model of the YOLO family on the CPU.
class detector {
public:
  /// Problem when the model or the table cannot be read.
  static outcome<detector> open(const std::filesystem::path& model,
                                const std::filesystem::path& classes);

  /// Boxes are pixels of `image`. `zone` may allow some classes.
  std::vector<observation> look(const cv::Mat& image,
                                const std::string& filename,
                                const std::optional<std::string>& zone);

private:
  detector_classes table_;
  cv::dnn::Net net_;
};

} // namespace vigie
