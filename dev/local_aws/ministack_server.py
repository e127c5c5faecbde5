"""MiniStack, as a child of the supervisor."""

import socketserver

from ministack.app import main

from .lifeline import end_with_starter

# It sends the head of an event and then its body, and TCP keeps that back until the function's side has acknowledged the
# head: 40 ms for each invocation.
socketserver.StreamRequestHandler.disable_nagle_algorithm = True

end_with_starter()
main()
