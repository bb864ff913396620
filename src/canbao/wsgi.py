"""What a web server runs."""

import multiprocessing
import os
import signal

from django.core.wsgi import get_wsgi_application

from canbao.registry.server.offspring import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canbao.settings")
if multiprocessing.parent_process() is not None:
    end_with_parent(signal.SIGKILL)  # or it would go on answering, in the place of those that are started anew
application = get_wsgi_application()
