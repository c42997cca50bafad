# One image for every service; the role is the command. Runs from source on Node's type stripping.
FROM node:24-slim
WORKDIR /app
RUN npm install --global pnpm@12
COPY . .
RUN pnpm install --prod --frozen-lockfile --ignore-scripts
ENV BIND_HOST=0.0.0.0 WORKER_METRICS_PORT=9464 SENDER_METRICS_PORT=9464
USER node
ENTRYPOINT ["node"]
CMD ["apps/gateway/src/main.ts"]
