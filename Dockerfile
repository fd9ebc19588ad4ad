# The program in a container. `docker build .` builds the small image: only Node, the libraries it links to, CA certificates and the
# bundle. `docker build --target flyte .` adds Python with the flyte CLI, which only `task.deployWith: flyte` requires.
# tools/image.sh builds both without a container engine, on a base built locally.
ARG BASE=debian

# By digest, which Dependabot replaces; BASE names another image, and then this one is not pulled.
FROM docker.io/library/debian:trixie-slim@sha256:a99cfc517144bc59b1978475ec53b46ecabec7e43635402ee5b77cc54cd1b20a AS debian

# Build tools, not part of the images: strip, pip, and an npm by hash.
FROM ${BASE} AS tools
# CA certificates to trust for the package registries, for a private mirror.
ARG AUTHORITIES=/etc/ssl/certs/ca-certificates.crt
ENV DEBIAN_FRONTEND=noninteractive PIP_CERT=$AUTHORITIES SSL_CERT_FILE=$AUTHORITIES NODE_EXTRA_CA_CERTS=$AUTHORITIES
RUN apt-get update && apt-get install --yes --no-install-recommends binutils ca-certificates libatomic1 python3-pip
COPY python/node.lock /locks/
RUN python3 -m pip install --quiet --break-system-packages --root-user-action=ignore --require-hashes --only-binary :all: -r /locks/node.lock

FROM tools AS packages
WORKDIR /build
ENV PATH=/build/node_modules/.bin:$PATH
COPY package.json package-lock.json .npmrc ./
COPY tools/compile-flyteidl2.ts tools/prepare.sh tools/
# Install scripts are not run, so everything installed has a hash in package-lock.json.
RUN npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && tools/prepare.sh

# Node and the files of Debian that it requires, with dpkg's records of their packages, for scanners. Name lookup is part of libc;
# nsswitch.conf sets its order.
FROM packages AS runtime
RUN node=$(readlink -f node_modules/.bin/node) \
 && mkdir -p /image/etc/ssl/certs /image/usr/local/bin /image/usr/local/share/doc/node /image/var/lib/dpkg/status.d \
 && install -d -m 1777 /image/tmp \
 && strip --output-file=/image/usr/local/bin/node "$node" \
 && cp "$(dirname "$node")/../LICENSE" /image/usr/local/share/doc/node/ \
 && find / -maxdepth 1 -name 'lib*' -type l -exec cp --no-dereference {} /image/ \; \
 && echo base-files >/packages && echo ca-certificates >>/packages \
 && for library in $(ldd "$node" | grep -o '/[^ ]*'); do \
      folder=/image$(readlink -f "$(dirname "$library")") && mkdir -p "$folder" && cp --dereference "$library" "$folder/" \
      && dpkg-query --search "*/$(basename "$library")" | sed -nE 's/^([^ :]+)(:[^ ]+)?: .*/\1/p' >>/packages || exit 1; \
    done \
 && for package in $(sort -u /packages); do \
      mkdir -p "/image/usr/share/doc/$package" && cp --dereference "/usr/share/doc/$package/copyright" "/image/usr/share/doc/$package/" \
      && dpkg-query --status "$package" >"/image/var/lib/dpkg/status.d/$package" || exit 1; \
    done \
 && cp --dereference /etc/os-release /etc/debian_version /image/etc/ \
 && cp --dereference /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ \
 && printf '%s\n' root:x:0:0:root:/root:/sbin/nologin nonroot:x:65532:65532:nonroot:/tmp:/sbin/nologin >/image/etc/passwd \
 && printf '%s\n' root:x:0: nonroot:x:65532: >/image/etc/group \
 && printf '%s\n' 'passwd: files' 'group: files' 'hosts: files dns' >/image/etc/nsswitch.conf \
 && chroot /image /usr/local/bin/node --eval ''

FROM packages AS program
COPY tsconfig.json LICENSE ./
COPY tools/bundle.ts tools/compiled-code.ts tools/run-and-keep.ts tools/
COPY tools/third-party tools/third-party
COPY src src
COPY templates templates
# The address of docs/errors.md that findings link to; they name its path without it.
ARG DOCS_URL=
# The image has no env to find Node.
RUN node tools/bundle.ts \
 && sed -i '1s,^#!.*,#!/usr/local/bin/node,' dist/registrar.mjs \
 && mkdir -p /image/opt /image/usr/local/bin \
 && cp -r dist /image/opt/registrar \
 && ln -s /opt/registrar/registrar.mjs /image/usr/local/bin/registrar

# Debian with Python (and what Node links to), without the parts that our programs do not load. All byte code is compiled again as
# valid regardless of file times, which layers change: in a read-only container it cannot be written later.
FROM ${BASE} AS python
ENV DEBIAN_FRONTEND=noninteractive
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates libatomic1 python3 \
 && cd /usr/lib/python3.*/ \
 && rm -rf idlelib lib2to3 pydoc_data turtledemo tkinter test unittest/__pycache__ ensurepip \
 && find /usr/lib/python3* -name __pycache__ -prune -exec rm -r {} + \
 && python3 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3.* \
 && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /tmp/* /root/.cache

FROM tools AS flyte-cli
COPY python/uv.lock python/flyte.lock python/reduce-kubernetes.py /locks/
RUN python3 -m pip install --quiet --break-system-packages --root-user-action=ignore --require-hashes --only-binary :all: -r /locks/uv.lock \
 && uv venv --quiet --python /usr/bin/python3 /opt/flyte \
 && uv pip sync --quiet --no-cache --link-mode copy --require-hashes --python /opt/flyte/bin/python /locks/flyte.lock \
 && PYTHONDONTWRITEBYTECODE=1 /opt/flyte/bin/python /locks/reduce-kubernetes.py \
 && find /opt/flyte -name '*.so' -exec strip --strip-unneeded {} + \
 && cd /opt/flyte/lib/python3*/site-packages \
 && find pygments/lexers -name '*.py' ! -name __init__.py ! -name _mapping.py ! -name python.py -delete \
 && find /opt/flyte \( -name __pycache__ -o -name tests \) -prune -exec rm -r {} + \
 && find /opt/flyte -name '*.pyi' -delete \
 && /opt/flyte/bin/python -m compileall -q --invalidation-mode unchecked-hash /opt/flyte/lib

# Package managers are removed by dpkg, so that its list stays correct for scanners. Also left out: files that the build machine put here
# to run commands, write permissions for group and others, setuid and setgid bits.
FROM python AS flyte-runtime
RUN dpkg --purge --force-all apt libapt-pkg7.0 debconf perl-base openssl 2>&1 \
 && rm -rf /etc/apt /usr/share/perl* /usr/lib/*-linux-gnu/gconv /usr/share/zoneinfo /var/lib/apt /var/cache/* /var/log/*
COPY --from=runtime /image/usr/local/ /usr/local/
COPY --from=flyte-cli /opt/flyte /opt/flyte
RUN ln -s /opt/flyte/bin/flyte /usr/local/bin/flyte \
 && mkdir /image \
 && cp -a /bin /etc /lib* /opt /sbin /usr /var /image/ \
 && rm -f /image/etc/hostname /image/etc/hosts /image/etc/resolv.conf /image/opt/flyte/.lock \
 && find /image ! -type l -perm /6022 -exec chmod ug-s,go-w {} + \
 && install -d -m 1777 /image/tmp

# Metadata of both images. Only /tmp needs to be writable. Any user may run it, so nothing is in a home directory.
FROM scratch AS image
ENV HOME=/tmp PATH=/usr/local/bin:/usr/bin:/bin
USER 65532:65532
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="image-builder-registrar" \
      org.opencontainers.image.description="Keeps the build-image task of the current appVersion registered" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
ENTRYPOINT ["registrar"]

# In both, the program is a separate layer above the layers that rarely change.
FROM image AS flyte
COPY --from=flyte-runtime /image/ /
COPY --from=program /image/ /
WORKDIR /tmp

FROM image
COPY --from=runtime /image/ /
COPY --from=program /image/ /
WORKDIR /tmp
