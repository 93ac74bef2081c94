# One image for every process: the command names the app. Nothing of development is in the last stage.
FROM node:24-bookworm-slim AS manifests
WORKDIR /src
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM node:24-bookworm-slim AS build
WORKDIR /src
ENV NX_DAEMON=false
# Only a changed manifest installs again.
COPY --from=manifests /src .
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run generate && node tools/release.ts /release

FROM node:24-bookworm-slim
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps
WORKDIR /srv/custody
COPY --from=build /release .
RUN install -d -o node compiled
USER node
ENV NODE_COMPILE_CACHE=/srv/custody/compiled
# Without settings an app loads its code and gives up; what was compiled then need not be at each start.
RUN for app in files-api scan-worker staging-reaper notifier; do node apps/$app/dist/main.js || true; done
ENTRYPOINT ["node"]
CMD ["apps/files-api/dist/main.js"]
