# Palpate for production: see docker-compose.yml. Three small images come out of it: app, backup, proxy.

FROM node:24-slim AS front-end
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev


FROM python:3.11-slim AS packages
COPY requirements.txt ./
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt


# The Python that bin/test runs on.
FROM python:3.11-slim AS app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=clinic.settings \
    PALPATE_DATA=/data \
    STATIC_ROOT=/srv/static
RUN groupadd --gid 10001 palpate \
    && useradd --uid 10001 --gid palpate --no-create-home --shell /usr/sbin/nologin palpate \
    && install --directory --owner palpate --group palpate --mode 700 /data
COPY --from=packages /opt/venv /opt/venv
WORKDIR /srv/palpate
COPY --from=front-end /src/node_modules node_modules
COPY manage.py ./
COPY clinic clinic
COPY intake intake
COPY scheduling scheduling
COPY treatments treatments
COPY templates templates
# Demo mode is for this one command, which needs no secret; the image itself starts without none.
RUN python -m compileall -q . && PALPATE_DEMO=1 python manage.py collectstatic --noinput --verbosity 0
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "clinic.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--graceful-timeout", "20", "--timeout", "60"]


FROM postgres:18 AS backup
RUN install --directory --owner 10001 --group 10001 --mode 700 /backups
COPY --chmod=755 .docker/backup /usr/local/bin/palpate-backup
USER 10001:10001
ENTRYPOINT ["palpate-backup"]
CMD ["nightly"]


FROM caddy:2.10 AS proxy
# Ports above 1024 inside the container: no capability is needed, so the binary gives up its own.
RUN setcap -r /usr/bin/caddy \
    && adduser -D -H -u 10002 proxy \
    && chown -R proxy:proxy /data /config
COPY .docker/Caddyfile /etc/caddy/Caddyfile
USER 10002:10002
EXPOSE 8080 8443
