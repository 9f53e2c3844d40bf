"""Work for the locked process that asks for nothing."""


def sandboxed(request, given, tell):
    return b"done"
