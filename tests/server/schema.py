# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds answers against an OpenAPI document: so much of JSON Schema as ours uses, and strictly.

A keyword that is not known here fails, and so does a member that the document does not name: the
document is to tell all that there is.
"""
import json
import re

KEYWORDS = {'type', 'properties', 'required', 'items', 'enum', 'const', '$ref', 'additionalProperties',
            'description', 'pattern', 'minimum', 'maximum', 'oneOf', 'format', 'title', 'maxItems',
            'minLength', 'maxLength', 'examples'}
TYPES = {'object': dict, 'array': list, 'string': str, 'boolean': bool, 'integer': int, 'null': type(None)}


def is_type(value, name):
    if name == 'integer' and isinstance(value, bool):
        return False
    return isinstance(value, TYPES[name])


def resolve(document, schema):
    while '$ref' in schema:
        node = document
        for part in schema['$ref'].removeprefix('#/').split('/'):
            node = node[part]
        schema = node
    return schema


def check(document, schema, value, where):
    schema = resolve(document, schema)
    unknown = set(schema) - KEYWORDS
    assert not unknown, f'{where}: the document uses {unknown}'
    if 'oneOf' in schema:
        return check_one_of(document, schema['oneOf'], value, where)
    if 'type' in schema:
        names = schema['type'] if isinstance(schema['type'], list) else [schema['type']]
        assert any(is_type(value, name) for name in names), f'{where}: {value!r} is no {names}'
    if 'enum' in schema:
        assert value in schema['enum'], f'{where}: {value!r} is not one of {schema["enum"]}'
    if 'pattern' in schema and isinstance(value, str):
        assert re.search(schema['pattern'], value), f'{where}: {value!r} is not {schema["pattern"]}'
    if 'minimum' in schema and isinstance(value, int):
        assert value >= schema['minimum'], f'{where}: {value} is below {schema["minimum"]}'
    if isinstance(value, dict):
        check_object(document, schema, value, where)
    if isinstance(value, list):
        for i, item in enumerate(value):
            check(document, schema['items'], item, f'{where}[{i}]')


def check_one_of(document, schemas, value, where):
    problems = []
    for schema in schemas:
        try:
            return check(document, schema, value, where)
        except AssertionError as problem:
            problems.append(str(problem))
    raise AssertionError(f'{where}: none fits: {problems}')


def check_object(document, schema, value, where):
    properties = schema.get('properties', {})
    for name in schema.get('required', []):
        assert name in value, f'{where}: {name} is missing'
    for name, member in value.items():
        if name in properties:
            check(document, properties[name], member, f'{where}.{name}')
        else:
            more = schema.get('additionalProperties', False)
            assert more is not False, f'{where}: {name} is not in the document'
            if more is not True:
                check(document, more, member, f'{where}.{name}')


def find_operation(document, method, path):
    path = path.split('?')[0]
    for pattern, item in document['paths'].items():
        expression = re.sub(r'\\{\w+\\}', '[^/]+', re.escape(pattern))
        if re.fullmatch(expression, path):
            operation = item.get(method.lower())
            if operation is None and method == 'HEAD':
                operation = item.get('get')
            if operation is not None:
                return operation
    return None


def check_answer(document, method, path, answer):
    """Known paths answer as the document says; others with a problem."""
    operation = find_operation(document, method, path)
    where = f'{method} {path} → {answer.status}'
    if operation is None:
        assert answer.status in (404, 405, 400), f'{where}: the document does not know it'
        responses = document['components']['responses']
        described = responses['Problem']
    else:
        responses = operation['responses']
        described = responses.get(str(answer.status), responses.get('default'))
        assert described is not None, f'{where}: the document does not know this status'
        described = resolve(document, described)
    content = described.get('content')
    if method == 'HEAD' or not answer.body:
        return
    assert content, f'{where}: there was to be nothing, but: {answer.body[:200]!r}'
    kind = (answer.headers['Content-Type'] or '').split(';')[0]
    assert kind in content, f'{where}: {kind} is not one of {list(content)}'
    if kind.endswith('json') and 'schema' in content[kind]:
        check(document, content[kind]['schema'], json.loads(answer.body), where)
