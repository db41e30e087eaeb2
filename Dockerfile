# The build is `make build`, as everywhere else.
FROM golang:1.26-bookworm AS build
WORKDIR /src

# Modules first: they change less often than the code.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ARG VERSION=dev
RUN make build
RUN mkdir -p /image/data && cp bin/nearlane LICENSE /image/

# The binary carries its time zones and CA roots; there is nothing else here.
FROM scratch
COPY --from=build --chown=65532:65532 /image/ /
USER 65532:65532

# Fails the build if the binary is not static.
RUN ["/nearlane", "version"]

# The embedded servers, where a config uses them, keep their data here.
VOLUME /data
EXPOSE 8480

HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
	CMD ["/nearlane", "healthcheck"]

ENTRYPOINT ["/nearlane"]
CMD ["run", "-c", "/etc/nearlane/nearlane.yaml"]
