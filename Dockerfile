# A static program in an empty image: `docker run --rm -v "$PWD:/src" -w /src tricep check`.
FROM rust:1.95-alpine AS build
RUN apk add --no-cache musl-dev
WORKDIR /build
COPY . .
RUN cargo build --release --locked -p tricep && cp target/release/tricep /tricep

FROM scratch
COPY --from=build /tricep /tricep
COPY LICENSE /LICENSE
USER 65534:65534
WORKDIR /src
ENTRYPOINT ["/tricep"]
CMD ["check"]
