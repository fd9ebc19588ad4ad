# The program in a container: Node with one bundle, Python with the flyte CLI, and nothing that either does not load.
# `docker build .`; tools/image.sh builds it without a container engine, on a base made locally.
ARG BASE=docker.io/library/debian:trixie-slim

# Debian with Python (and what Node links to), of which the parts are taken out that no program of ours loads. All byte code is compiled again so
# that it is valid whatever a layer does to the times of files: nothing can write it later in a read-only container.
FROM ${BASE} AS python
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates libatomic1 python3 \
 && cd /usr/lib/python3.*/ \
 && rm -rf idlelib lib2to3 pydoc_data turtledemo tkinter test unittest/__pycache__ ensurepip \
 && find /usr/lib/python3* -name __pycache__ -prune -exec rm -r {} + \
 && python3 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3.* \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /tmp/* /root/.cache

# What builds the rest and stays behind: pip, uv and an npm, by hash.
FROM python AS tools
# Authorities to trust for the package registries, where a mirror of one's own is used.
ARG AUTHORITIES=/etc/ssl/certs/ca-certificates.crt
ENV PIP_CERT=$AUTHORITIES SSL_CERT_FILE=$AUTHORITIES NODE_EXTRA_CA_CERTS=$AUTHORITIES
RUN apt-get update && apt-get install --yes --no-install-recommends python3-pip binutils
COPY python/uv.lock python/node.lock /locks/
RUN python3 -m pip install --quiet --break-system-packages --root-user-action=ignore --require-hashes --only-binary :all: -r /locks/uv.lock -r /locks/node.lock

FROM tools AS flyte
COPY python/flyte.lock python/reduce-kubernetes.py /locks/
RUN uv venv --quiet --python /usr/bin/python3 /opt/flyte \
 && uv pip sync --quiet --no-cache --link-mode copy --require-hashes --python /opt/flyte/bin/python /locks/flyte.lock \
 && PYTHONDONTWRITEBYTECODE=1 /opt/flyte/bin/python /locks/reduce-kubernetes.py \
 && find /opt/flyte -name '*.so' -exec strip --strip-unneeded {} + \
 && cd /opt/flyte/lib/python3*/site-packages \
 && find pygments/lexers -name '*.py' ! -name __init__.py ! -name _mapping.py ! -name python.py -delete \
 && find /opt/flyte \( -name __pycache__ -o -name tests \) -prune -exec rm -r {} + \
 && find /opt/flyte -name '*.pyi' -delete \
 && /opt/flyte/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/flyte/lib

FROM tools AS program
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY tools/compile-flyteidl2.ts tools/
RUN npm ci --no-audit --no-fund --loglevel=error \
 && strip --output-file=/usr/local/bin/node-26 "$(readlink -f node_modules/node/bin/node)"
COPY tsconfig.json ./
COPY tools/bundle.ts tools/
COPY src src
COPY templates templates
RUN node_modules/node/bin/node tools/bundle.ts && chmod 0755 dist/registrar.mjs

# What only installs packages is taken out; dpkg's own list stays true, so that scanners see what is in the image.
FROM python AS root
RUN dpkg --purge --force-all apt libapt-pkg7.0 debconf perl-base openssl 2>&1 \
 && rm -rf /etc/apt /usr/share/perl* /usr/lib/*-linux-gnu/gconv /usr/share/zoneinfo /var/lib/apt /var/cache/* /var/log/*
COPY --from=program /usr/local/bin/node-26 /usr/local/bin/node
COPY --from=flyte /opt/flyte /opt/flyte
COPY --from=program /build/dist /opt/registrar
COPY LICENSE /opt/registrar/
RUN ln -s /opt/registrar/registrar.mjs /usr/local/bin/registrar && ln -s /opt/flyte/bin/flyte /usr/local/bin/flyte

FROM scratch
COPY --from=root / /
# Only /tmp need be writable; any user may run it, so what a user needs is not in a home of its own.
ENV HOME=/tmp PATH=/usr/local/bin:/usr/bin:/bin
WORKDIR /tmp
USER 65532:65532
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="image-builder-registrar" \
      org.opencontainers.image.description="Keeps the build-image task of the current release registered" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
ENTRYPOINT ["registrar"]
