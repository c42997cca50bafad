# One image for every service; the role is the command. Runs from source on Node's type stripping.
FROM node:24-slim
WORKDIR /app
COPY . .
# One layer, without pnpm and its caches: nothing needs them afterwards.
RUN npx -y pnpm@12 install --prod --frozen-lockfile --ignore-scripts && rm -rf ~/.npm ~/.cache ~/.local /tmp/*
# A bot author's code lives in /handlers and runs there, so that its relative paths mean what they mean at home.
# A volume that is mounted at /handlers/data takes the owner from here: the code may write in it.
RUN install -d -o node -g node /handlers /handlers/data
WORKDIR /handlers
# glibc keeps an arena per thread, which costs each service a quarter of its memory.
ENV MALLOC_ARENA_MAX=2
ENV BIND_HOST=0.0.0.0 WORKER_METRICS_PORT=9464 SENDER_METRICS_PORT=9464
USER node
# Roles are named from /app; exec, because signals reach the first process only.
ENTRYPOINT ["sh", "-c", "exec node \"/app/$0\" \"$@\""]
CMD ["apps/gateway/src/main.ts"]
