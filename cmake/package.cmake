# The Debian package: `cmake --preset package && cpack --preset package`.
set(VIGIE_MAINTAINER "The vigie authors <vigie@localhost>" CACHE STRING
    "Who answers for the package: name and address")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME vigie)
set(CPACK_PACKAGE_VERSION "${VIGIE_VERSION}")
set(CPACK_PACKAGE_VENDOR "The vigie authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "server that analyses the evidence of audits")
set(CPACK_PACKAGE_DESCRIPTION "\
vigie takes in photos, PDFs, documents, notes and logs that auditors bring\n\
back from a site, answers once they are safe on disk, and works in the\n\
background: metadata, image checks, OCR, observations, risk score, summary\n\
and a PDF report, with every step told as it happens.\n\
.\n\
Contains the server with its web page, the worker for other machines and the\n\
tool for operators.")
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR ON) # /etc is no folder below the prefix
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
file(WRITE "${CMAKE_BINARY_DIR}/installed/changelog.Debian" "\
vigie (${VIGIE_VERSION}-1) bookworm; urgency=medium

  * What changed stands in changelog.gz.

 -- ${VIGIE_MAINTAINER}  Wed, 25 Nov 2026 00:00:00 +0000
")
vigie_packed("${CMAKE_BINARY_DIR}/installed/changelog.Debian" changelog.Debian)
add_custom_target(debian_changelog ALL DEPENDS "${packed}")
add_dependencies(installed_texts debian_changelog)
install(FILES "${packed}" DESTINATION "${doc}")
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${VIGIE_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Programs and data that no library link tells of; tools/packages.txt says why.
string(JOIN ", " CPACK_DEBIAN_PACKAGE_DEPENDS
  "adduser" "poppler-utils" "antiword" "catdoc"
  "tesseract-ocr-fra" "tesseract-ocr-eng" "fonts-dejavu-core" "tzdata"
  "ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nginx | caddy")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(WRITE "${CMAKE_BINARY_DIR}/installed/conffiles" "\
/etc/default/vigie-worker
/etc/default/vigied
/etc/vigie/observation_rules.json
/etc/vigie/prompts/image_audit.fr.md
/etc/vigie/prompts/summary.fr.md
/etc/vigie/vigie.toml
/etc/vigie/vision_classes.json
")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${CMAKE_BINARY_DIR}/installed/conffiles"
  "${CMAKE_SOURCE_DIR}/packaging/debian/postinst"
  "${CMAKE_SOURCE_DIR}/packaging/debian/prerm"
  "${CMAKE_SOURCE_DIR}/packaging/debian/postrm")
include(CPack)
