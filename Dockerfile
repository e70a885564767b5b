# Builds the binary and puts it, alone, on a small system. Nothing runs as root.
FROM node:22-bookworm-slim AS node

FROM rust:1.95-slim-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /tutti
COPY . .
RUN cargo build --release --locked --package tutti-cli \
    && strip --strip-debug -o /tutti/tutti target/release/tutti

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates=20230311* \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home --home-dir /data tutti
COPY --from=build /tutti/tutti /usr/local/bin/tutti
COPY flows /flows
COPY LICENSE NOTICE /usr/share/doc/tutti/
USER 10001
WORKDIR /data
VOLUME /data
# The server answers its own machine until it has users and TLS (docs/security.md): run with --network
# host to reach it.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5s CMD ["/usr/local/bin/tutti", "health"]
ENTRYPOINT ["/usr/local/bin/tutti"]
CMD ["serve", "--listen", "127.0.0.1:8080", "--data", "/data"]
