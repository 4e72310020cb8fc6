# The API alone, for use with a Neo4j of its own: see compose.yaml.
# Build: docker build -t stratumiops .
FROM python:3.12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# the locked tools, the playground, and a wheel that holds both code and playground
RUN make install PYTHON=python3.12 && .venv/bin/uv build --wheel --no-build-isolation --out-dir /dist

FROM python:3.12-slim
COPY --from=build /dist /dist
COPY --from=build /src/requirements /requirements
RUN pip install --no-cache-dir --require-hashes -r /requirements/uv.txt \
    && uv pip install --system --no-cache /dist/*.whl -c /requirements/lock.txt \
    && rm -rf /dist /requirements \
    && useradd --create-home --uid 10001 stratumiops \
    && install -d -o stratumiops -m 700 /data
USER stratumiops
WORKDIR /data
ENV PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 STRATUMIOPS_HOME=/data
VOLUME /data
EXPOSE 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8001/ready', timeout=4)"]
CMD ["python", "-m", "stratumiops.resolvers", "--host", "0.0.0.0", "--port", "8001", "--home", "/data"]
