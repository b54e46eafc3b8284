// Shows the description. No validator: it would send our address to somebody else's server.
SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#description",
  deepLinking: true,
  validatorUrl: null,
});
