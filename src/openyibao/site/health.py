"""Is it alive, is it ready, how is it doing 健康检查与指标: for whoever watches the server."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from openyibao.bureau.staff.asking import open_to_all
from openyibao.gateway.metrics import REGISTRY


@open_to_all
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Says nothing about the database: restarting us would not mend that."""
    return JsonResponse({"status": "live"})


@open_to_all
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers too; 503 when it does not, and no traffic should be sent here."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ready"})


@open_to_all
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures in Prometheus' text form."""
    return HttpResponse(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)
