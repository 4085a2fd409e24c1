# Two stages: what installs the dependencies does not run them.
FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/run.txt /build/run.txt
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --require-hashes --only-binary :all: -r /build/run.txt

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    IGNORE_DOTENV=1 DATA_DIR=/data HOST=0.0.0.0 PORT=8000
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin crm \
 && install -d -o crm -g crm -m 0700 /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The manifest is part of the image; the key signs nothing here.
RUN SECRET_KEY=only-while-the-image-is-built DATA_DIR=/tmp/build python manage.py collectstatic --noinput -v 0 \
 && python -m compileall -q . && rm -rf /tmp/build
USER crm
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "communitycrm.wsgi", "-c", "communitycrm/gunicorn_conf.py"]
