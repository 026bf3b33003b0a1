# Tags, not digests: docs/operate/security.md shows how to pin them.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY .ci/requirements.txt .ci/requirements-build.txt .ci/
# The build back end stays out of the environment, which the next stage copies.
RUN python -m venv /opt/company-profiles \
    && /opt/company-profiles/bin/python -m pip install --require-hashes -r .ci/requirements.txt \
    && /opt/company-profiles/bin/python -m pip install --require-hashes --target tools -r .ci/requirements-build.txt
COPY . .
RUN PYTHONPATH=tools /opt/company-profiles/bin/python -m pip install --no-build-isolation --no-deps .

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Company Profiles" \
      org.opencontainers.image.description="A database of cited company facts, served as a fast JSON API" \
      org.opencontainers.image.licenses="MIT"
ENV PATH="/opt/company-profiles/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PROFILES_DATABASE_URL=sqlite:////data/company-profiles.db \
    PROFILES_HOST=0.0.0.0
# Numbers that no other account has, so that whoever mounts /data can give the folder to them.
RUN groupadd --gid 10001 profiles \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin profiles \
    && install --directory --owner=10001 --group=10001 /data
COPY --from=build /opt/company-profiles /opt/company-profiles
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s --retries=3 CMD ["company-profiles", "health"]
CMD ["company-profiles", "serve"]
