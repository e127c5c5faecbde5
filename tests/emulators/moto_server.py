"""moto, as a child of the tests, one request at a time: its transactions are not isolated from one another. Runs under the
Python of .tools/moto.
"""

import sys

from local_aws.lifeline import end_with_starter
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

end_with_starter()
run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
