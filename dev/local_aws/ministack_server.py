"""MiniStack, as a child of the supervisor."""

from ministack.app import main

from .lifeline import end_with_starter

end_with_starter()
main()
