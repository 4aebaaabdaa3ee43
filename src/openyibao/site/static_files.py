"""Static files 静态文件: served by whitenoise, each as one whole answer.

Whitenoise hands a file over piece by piece with a plain iterator, which Django under ASGI reads whole anyway and warns about each time.
"""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class StaticFiles(WhiteNoiseMiddleware):
    """Whitenoise with whole answers: the largest file is a megabyte."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """A file, or that it has not changed."""
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file as file:
                content = file.read()
        answer = HttpResponse(content, status=int(found.status))
        del answer["content-type"]
        for name, value in found.headers:
            answer[name] = value
        if content:
            answer["Content-Length"] = str(len(content))        # of what is sent, should the file have changed since the start
        return answer
