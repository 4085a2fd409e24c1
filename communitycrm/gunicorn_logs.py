"""gunicorn's logs, should somebody turn the access log on: without the secrets of addresses."""

from gunicorn.config import Config
from gunicorn.glogging import Logger

from foundation.logs import WithoutSecrets


class QuietLogger(Logger):
    """As gunicorn's own, with the filter on each handler: request line, referring page, errors."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.addFilter(WithoutSecrets())
