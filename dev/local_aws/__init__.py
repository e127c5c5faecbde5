"""AWS on 127.0.0.1: MiniStack, Remotion's own render function next to it, and a site that it can render."""
