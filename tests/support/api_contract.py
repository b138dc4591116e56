"""The API's description (src/serve/openapi.yaml) as a check of real answers."""

import re

import jsonschema
import referencing
import referencing.jsonschema
import yaml


class Contract:
    def __init__(self, path):
        self.document = yaml.safe_load(path.read_text())
        resource = referencing.jsonschema.DRAFT202012.create_resource(self.document)
        self.registry = referencing.Registry().with_resource("urn:api", resource)
        self.operations = {
            operation["operationId"]: (method.upper(), template, operation)
            for template, methods in self.document["paths"].items()
            for method, operation in methods.items()
        }

    def operation_of(self, method, path):
        """The id of the operation that a request calls; templates with fewer placeholders first."""
        for template in sorted(self.document["paths"], key=lambda text: text.count("{")):
            pattern = re.sub(r"\{[^}]*\}", "[^/]+", template)
            if re.fullmatch(pattern, path) and method.lower() in self.document["paths"][template]:
                return self.document["paths"][template][method.lower()]["operationId"]
        raise AssertionError(f"{method} {path} is not described")

    def check(self, operation_id, answer):
        """The answer of a success must be what the document says; any other a Problem."""
        _, _, operation = self.operations[operation_id]
        if answer.status >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            self.check_schema({"$ref": "urn:api#/components/schemas/Problem"}, answer.json)
            return
        response = self.resolve(operation["responses"][str(answer.status)])
        content_type = answer.headers["content-type"].split(";")[0]
        assert content_type in response["content"], f"{operation_id} answered {content_type}"
        if content_type == "application/json":
            self.check_schema(self.absolute(response["content"][content_type]["schema"]), answer.json)

    def resolve(self, node):
        while "$ref" in node:
            target = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def absolute(self, schema):
        return {"$ref": "urn:api" + schema["$ref"]} if "$ref" in schema else schema

    def check_schema(self, schema, value):
        validator = jsonschema.Draft202012Validator(
            schema, registry=self.registry, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )
        problems = [f"{error.json_path}: {error.message[:300]}" for error in validator.iter_errors(value)]
        assert not problems, problems[:5]
