# The bot alone: one static program and the certificates that it trusts. It has no
# shell and no PostgreSQL, so DATABASE_URL has to name one (docker-compose.yml does).
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/muster .

# The whole product without a Slack account: docker compose --profile demo run --rm demo
FROM postgres:17 AS demo
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /
ENV ZONEINFO=/zoneinfo.zip
COPY --from=build /out/muster /usr/local/bin/muster
USER postgres
ENTRYPOINT ["muster", "demo"]

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
# For TZ=Europe/Paris and the like.
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /
ENV ZONEINFO=/zoneinfo.zip
COPY --from=build /out/muster /muster
# Nobody in particular: the program writes to its database only.
USER 65532:65532
# For the check below alone; set it to :9090 to let others ask, too.
ENV HEALTH_ADDR=127.0.0.1:9090
HEALTHCHECK --interval=15s --timeout=5s --start-period=2m CMD ["/muster", "health"]
ENTRYPOINT ["/muster"]
CMD ["run"]
