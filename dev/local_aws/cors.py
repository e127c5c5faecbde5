"""The CORS headers of an HTTP API, as API Gateway documents them.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
"""

from email.message import Message


def cors_headers(configuration: dict, method: str, headers: Message) -> dict[str, str]:
    """What is added to the answer to a request with such headers: nothing for an origin that is not allowed."""
    origin = headers.get("Origin")
    allowed = configuration.get("allowOrigins", [])
    if origin is None or not ({origin, "*"} & set(allowed)):
        return {}
    added = {"Access-Control-Allow-Origin": "*" if "*" in allowed else origin}
    if configuration.get("allowCredentials"):
        added["Access-Control-Allow-Credentials"] = "true"
    if method != "OPTIONS" or "Access-Control-Request-Method" not in headers:
        return added | _lists(configuration, {"Access-Control-Expose-Headers": "exposeHeaders"})
    if "maxAge" in configuration:
        added["Access-Control-Max-Age"] = str(configuration["maxAge"])
    preflight = {"Access-Control-Allow-Methods": "allowMethods", "Access-Control-Allow-Headers": "allowHeaders"}
    return added | _lists(configuration, preflight)


def _lists(configuration: dict, names: dict[str, str]) -> dict[str, str]:
    return {header: ",".join(configuration[name]) for header, name in names.items() if configuration.get(name)}
