#include "analysis/exif.hpp"

#include "analysis/metadata.hpp"
#include "tests/analysis/samples.hpp"

using namespace vigie;

namespace {

class ExifTest : public samples::folder {
protected:
  exif_facts jpeg(const samples::exif_wish& wish) {
    return read_exif(
        put("a.jpg", samples::jpeg_with(samples::exif_block(wish), plain)),
        "image/jpeg");
  }

  std::string plain = samples::encoded(samples::photo(64, 48), ".jpg");
};

TEST_F(ExifTest, AJpegSaysWhenWhereAndWithWhatItWasTaken) {
  samples::exif_wish wish;
  wish.latitude = 48.8584;
  wish.longitude = 2.2945;
  wish.orientation = 6;
  wish.about = "zone: Entrepôt";
  auto found = jpeg(wish);
  EXPECT_EQ(found.captured_at, "2024-05-06T07:08:09");
  EXPECT_EQ(found.camera, "Canon EOS 90D");
  EXPECT_EQ(found.description, "zone: Entrepôt");
  EXPECT_EQ(found.orientation, 6);
  ASSERT_TRUE(found.gps);
  EXPECT_NEAR(found.gps->latitude, 48.8584, 1e-5);
  EXPECT_NEAR(found.gps->longitude, 2.2945, 1e-5);
}

TEST_F(ExifTest, SouthAndWestAreNegative) {
  samples::exif_wish wish;
  wish.latitude = -33.5;
  wish.longitude = -70.25;
  auto found = jpeg(wish);
  ASSERT_TRUE(found.gps);
  EXPECT_NEAR(found.gps->latitude, -33.5, 1e-5);
  EXPECT_NEAR(found.gps->longitude, -70.25, 1e-5);
}

TEST_F(ExifTest, APlaceThatIsNotOnEarthIsNoPlace) {
  samples::exif_wish wish;
  wish.latitude = 91;
  wish.longitude = 2;
  EXPECT_FALSE(jpeg(wish).gps);
}

TEST_F(ExifTest, ADateThatIsNoneIsLeftOut) {
  for (auto taken : {"0000:00:00 00:00:00", "2024:13:01 00:00:00",
                     "2024:01:01 25:00:00", "yesterday at the gate", ""}) {
    samples::exif_wish wish;
    wish.taken = taken;
    EXPECT_FALSE(jpeg(wish).captured_at) << taken;
  }
}

TEST_F(ExifTest, AMakeThatTheModelRepeatsIsSaidOnce) {
  samples::exif_wish wish;
  wish.make = "NIKON";
  wish.model = "NIKON D750";
  EXPECT_EQ(jpeg(wish).camera, "NIKON D750");
}

TEST_F(ExifTest, APngMayCarryExifToo) {
  auto png = samples::encoded(samples::photo(64, 48), ".png");
  auto found =
      read_exif(put("a.png", samples::png_with(samples::exif_block({}), png)),
                "image/png");
  EXPECT_EQ(found.captured_at, "2024-05-06T07:08:09");
}

TEST_F(ExifTest, WithoutExifThereAreNoFacts) {
  auto found = read_exif(put("a.jpg", plain), "image/jpeg");
  EXPECT_FALSE(found.captured_at || found.gps || found.camera);
  EXPECT_EQ(found.orientation, 1);
}

TEST_F(ExifTest, DamagedExifIsNeverAFailure) {
  auto whole = samples::exif_block({});
  for (std::size_t keep = 0; keep < whole.size(); keep += 3) {
    auto cut = samples::jpeg_with(whole.substr(0, keep), plain);
    EXPECT_NO_THROW((void)read_exif(put("a.jpg", cut), "image/jpeg"));
    auto bent = whole;
    bent[keep] = static_cast<char>(bent[keep] ^ 0x5A);
    EXPECT_NO_THROW((void)read_exif(
        put("a.jpg", samples::jpeg_with(bent, plain)), "image/jpeg"));
  }
}

TEST_F(ExifTest, MetadataTellsPixelsAsShownAndTheZone) {
  samples::exif_wish wish;
  wish.orientation = 6;
  wish.about = "zone: Entrepôt";
  auto m =
      read_metadata(job(stage::metadata, "a.jpg", "image/jpeg",
                        samples::jpeg_with(samples::exif_block(wish), plain)),
                    {});
  EXPECT_EQ(m.captured_at, "2024-05-06T07:08:09");
  EXPECT_EQ(m.camera, "Canon EOS 90D");
  EXPECT_EQ(m.extra["width"], "48");
  EXPECT_EQ(m.extra["height"], "64");
  EXPECT_EQ(m.extra["orientation"], "6");
  EXPECT_EQ(m.extra["zone"], "entrepot");
}

TEST_F(ExifTest, MetadataOfDocumentsTellsPagesAndEncoding) {
  auto pages = read_metadata(job(stage::metadata, "a.pdf", "application/pdf",
                                 samples::pdf({"un", "deux", "trois"})),
                             {});
  EXPECT_EQ(pages.extra["pages"], "3");
  auto text = read_metadata(
      job(stage::metadata, "zone-B.txt", "text/plain", "caf\xE9\n"), {});
  EXPECT_EQ(text.extra["encoding"], "windows-1252");
  EXPECT_EQ(text.extra["zone"], "b");
}

TEST_F(ExifTest, ACharacterCutByTheSampleIsNoOtherEncoding) {
  std::string line(1, ' '); // odd: the sample ends inside a character
  while (line.size() < (1u << 20) + 99)
    line += "é";
  auto m = read_metadata(job(stage::metadata, "a.txt", "text/plain", line), {});
  EXPECT_EQ(m.extra["encoding"], "UTF-8");
}

TEST(ZoneTest, TheDescriptionCountsBeforeTheName) {
  EXPECT_EQ(zone_of("zone-a.jpg", "zone: Quai"), "quai");
  EXPECT_EQ(zone_of("photo_zone_b_2.jpg", {}), "b");
  EXPECT_EQ(zone_of("zones.jpg", {}), std::nullopt);
  EXPECT_EQ(zone_of("zone", {}), std::nullopt);
}

} // namespace
