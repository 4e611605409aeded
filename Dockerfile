# The broker: built by a JDK, run on a JRE. See docs/containers.md.
FROM maven:3.9-eclipse-temurin-25 AS build
WORKDIR /src
COPY pom.xml mvnw ./
COPY .mvn .mvn
COPY src/main src/main
# Where libraries come from is the builder's affair: --secret id=maven-settings,src=$HOME/.m2/settings.xml
RUN --mount=type=cache,target=/root/.m2/repository \
    --mount=type=secret,id=maven-settings,target=/root/.m2/settings.xml,required=false \
    ./mvnw -B -ntp -Dmaven.test.skip=true -Dspotless.check.skip -Dcaravan.aot.skip package

FROM eclipse-temurin:25-jre
RUN groupadd --gid 10001 caravan \
    && useradd --uid 10001 --gid caravan --no-create-home --home-dir /data --shell /usr/sbin/nologin caravan \
    && install -d -o caravan -g caravan -m 0700 /data
WORKDIR /opt/caravan
COPY LICENSE caravan ./
COPY --from=build /src/.mvn/jdk.sh .mvn/jdk.sh
# Libraries change less often than the program
COPY --from=build /src/target/lib target/lib
COPY --from=build /src/target/caravan.jar target/caravan.jar
COPY config config
COPY routes routes
COPY kafka kafka
COPY deploy/healthcheck /usr/local/bin/caravan-healthcheck
# Here and not in the stage before: the cache fits the very Java that made it
RUN ./caravan aot || true

ENV SERVER_HOST=0.0.0.0 \
    SERVER_PORT=8080 \
    CARAVAN_DATA=/data \
    CARAVAN_JAVA_OPTS=-XX:MaxRAMPercentage=60
USER caravan
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 CMD ["caravan-healthcheck"]
ENTRYPOINT ["/opt/caravan/caravan"]
CMD ["serve"]
