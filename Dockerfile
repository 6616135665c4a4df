# syntax=docker/dockerfile:1
# The Debian package, built and installed in a bookworm of its own:
#   docker build -t vigie .
#   docker run --rm -v vigie:/var/lib/vigie vigie token add ops --role admin
#   docker run -p 127.0.0.1:8000:8000 -v vigie:/var/lib/vigie vigie
# docs/operations.md, "In a container", says what to set.

FROM debian:bookworm-slim AS build
WORKDIR /src
COPY tools/setup tools/packages.txt tools/
RUN tools/setup && apt-get install -y -qq --no-install-recommends file dpkg-dev
COPY . .
RUN cmake --preset package \
  && cmake --build --preset package \
  && cd build/package && cpack -G DEB && mv ./*.deb /vigie.deb

FROM debian:bookworm-slim
# curl is there for the health check.
RUN --mount=type=bind,from=build,source=/vigie.deb,target=/tmp/vigie.deb \
  apt-get update -qq \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
    --no-install-recommends /tmp/vigie.deb curl \
  && rm -rf /var/lib/apt/lists/*
USER vigie
VOLUME /var/lib/vigie
# Inside a container the loopback address is nobody's but its own. Listening on
# another one vigied asks for a token: see above.
ENV VIGIE_CONFIG=/etc/vigie/vigie.toml VIGIE_LISTEN=0.0.0.0:8000
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
  CMD curl --silent --fail --output /dev/null http://127.0.0.1:8000/livez || exit 1
ENTRYPOINT ["/usr/bin/vigied"]
