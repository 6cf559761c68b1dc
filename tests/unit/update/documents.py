"""A document of ours, as YAML, and the release that it was written from."""

from formance_codegen.load.json_value import JsonValue
from formance_codegen.load.yaml import parse
from formance_codegen.source import SourceFile

OURS = """\
openapi: 3.0.3

info:
  title: Pets
  version: 1.0.0
  description: Our words about pets.

servers:
  - url: https://pets.example.com

tags:
  - name: pets
    description: All about pets.

paths:
  /pets/{id}:
    parameters:
      - $ref: '#/components/parameters/id'
    get:
      operationId: getPet
      tags:
        - pets
      summary: Get a pet
      responses:
        "200":
          description: The pet.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Pet'
              example:
                name: Rex
        default:
          $ref: '#/components/responses/Error'
      security:
        - Authorization:
            - pets:read
      x-formance-name: fetch

  /pets:
    get:
      operationId: listPets
      tags:
        - pets
      summary: List pets
      parameters:
        - $ref: '#/components/parameters/limit'
        - $ref: '#/components/parameters/trace'
      responses:
        "200":
          description: All pets.
          content:
            application/json:
              schema:
                type: array
                items:
                  $ref: '#/components/schemas/Pet'
        default:
          $ref: '#/components/responses/Error'
      security:
        - Authorization:
            - pets:read

components:
  securitySchemes:
    Authorization:
      type: oauth2
      flows:
        clientCredentials:
          tokenUrl: /token
          scopes:
            pets:read: Read pets.
  parameters:
    id:
      name: id
      in: path
      description: Which pet.
      required: true
      schema:
        type: string
    limit:
      name: limit
      in: query
      description: How many.
      schema:
        type: integer
    trace:
      name: X-Trace
      in: header
      description: For the logs.
      schema:
        type: string
  responses:
    Error:
      description: It failed.
      content:
        application/json:
          schema:
            $ref: '#/components/schemas/Error'
  schemas:
    Pet:
      type: object
      description: An animal.
      required:
        - name
      properties:
        name:
          type: string
          description: What it hears.
        kind:
          type: string
          description: What it is.
          enum:
            - dog
            - cat
        owner:
          description: Who feeds it.
          allOf:
            - $ref: '#/components/schemas/Owner'
    Owner:
      type: object
      description: A person.
      properties:
        name:
          type: string
    Error:
      type: object
      description: What went wrong.
      properties:
        code:
          type: string
"""

RELEASE = """\
openapi: 3.0.3
info: {title: Pets API, version: v1, description: The publisher's words.}
servers: [{url: "http://localhost:8080"}]
paths:
  x-speakeasy-errors: {statusCodes: [default]}
  /pets:
    get:
      operationId: listPets
      summary: Lists
      tags: [pets]
      parameters:
        - {name: limit, in: query, description: Their limit., schema: {type: integer}}
        - {name: x-trace, in: header, schema: {type: string}}
      responses:
        200:
          description: OK
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Pet"}}}}
      security: [Authorization: ["pets:read"]]
  /pets/{id}:
    get:
      operationId: getPet
      summary: Gets
      tags: [pets]
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        200:
          description: OK
          content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
      security: [Authorization: ["pets:read"]]
components:
  schemas:
    Pet:
      type: object
      required: [name, ghost]
      properties:
        name: {type: string, description: Their name.}
        kind: {type: string, enum: [dog, cat, dog]}
        owner: {$ref: "#/components/schemas/Owner"}
    Owner:
      type: object
      properties: {name: {type: string}}
"""


def read(text: str) -> JsonValue:
    """Return the data of a text."""
    parsed = parse(SourceFile(name="pets.yaml", text=text)).value
    assert parsed is not None
    return parsed.data


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """Return a text with each first thing, which it has, in place of the second."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text
