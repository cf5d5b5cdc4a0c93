#!/usr/bin/env python3
"""Writes tests/core/chat/data/jinja_goldens.json: what transformers' chat template environment
(jinja2 in its immutable sandbox, trim_blocks, lstrip_blocks, loop controls, {% generation %}) makes of
snippets of the language and of the templates in tests/core/chat/data/templates, which have the
structure of public models' templates. Run by hand (transformers 5.24, jinja2 3.1.6)."""
import json
import pathlib

from transformers.utils import chat_template_utils

DATA = pathlib.Path(__file__).resolve().parent.parent / "core/chat/data"

VARIABLES = {
    "n": 7, "r": 2.5, "t": True, "nothing": None, "name": "World", "empty": "", "cjk": "你好，世界",
    "space": " \u3000\tpadded \n", "list": [3, 1, 2], "words": ["b", "A", "c", "a"], "none_list": [],
    "people": [{"name": "Ann", "age": 30}, {"name": "Bob", "age": 25, "boss": {"name": "Eve"}},
               {"name": "cy", "age": None}],
    "d": {"z": 1, "a": [1, {"k": "v\"q'"}], "text": "x<y>&é\n\u0001"}, "html": "<a href=\"x\">'&'</a>",
    "nested": [[1, 2], [3, [4]]], "long": "a-b-c-d", "lines": "one\r\ntwo\n\nthree\n",
}

SNIPPETS = [
    # printing
    "{{ n }} {{ r }} {{ t }} {{ nothing }} {{ name }} {{ missing }}|{{ list }} {{ d }} {{ nested }}",
    "{{ 1e20 }} {{ 1.0 }} {{ 0.1 + 0.2 }} {{ 1e-7 }} {{ 123456789012345680.0 }} {{ 1e16 }} {{ 5e-324 }} {{ -0.0 }}",
    "{{ 'it''s' }} {{ ['it\\'s', \"q\\\"\", 'both\\'\"', 'tab\\t', 'nl\\n', '\\\\', '\\x01', '\\u00e9', '\\xad'] }}",
    "{{ 'a\\tb\\\\n\\x41\\u4f60\\qz' }}", "{{ \"multi\nline\" }}", "{{ 'a' 'b' \"c\" }}",
    # arithmetic
    "{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 4 / 2 }} {{ 2 ** 10 }} {{ 2 ** -1 }} {{ -2 ** 2 }}",
    "{{ 1 + 2 * 3 - 4 }} {{ (1 + 2) * 3 }} {{ 1.5 + 1 }} {{ 7.5 // 2 }} {{ -7.5 % 2 }} {{ true + 1 }} {{ 1_000 }}",
    "{{ 'ab' * 3 }}{{ 2 * [1] }}{{ [1] + [2, 3] }}{{ 'a' + 'b' }}{{ 1 ~ 'x' ~ none ~ [1] }}", "{{ +n }} {{ -n }} {{ - r }}",
    # comparison and logic
    "{{ 1 < 2 < 3 }} {{ 1 < 2 > 3 }} {{ 'a' < 'b' }} {{ [1, 2] < [1, 3] }} {{ 1 == 1.0 }} {{ 1 == true }} {{ 'a' == 'a' }} {{ none == false }}",
    "{{ not t }} {{ t and 'x' }} {{ empty or 'y' }} {{ 0 or empty or none }} {{ not 1 == 2 }} {{ 'o' in name }} {{ 9 not in list }} {{ 'z' in d }} {{ 'x' in missing }}",
    "{{ 'yes' if n > 3 else 'no' }} {{ 'only' if n > 9 }}|{{ 'a' if false else 'b' if true else 'c' }}",
    "{{ d == {'z': 1} }} {{ {'a': 1, 'b': 2} == {'b': 2, 'a': 1} }} {{ [1, [2]] == [1, [2]] }}",
    # access
    "{{ d.z }} {{ d['a'][1].k }} {{ list[-1] }} {{ list[9] is defined }} {{ name[0] }}{{ name[-1] }} {{ cjk[1] }} {{ people[1].boss.name }} {{ nested[1][1][0] }} {{ nested.0.1 }}",
    "{{ cjk[1:3] }} {{ cjk[::-1] }} {{ name[:-1] }} {{ name[1:] }} {{ list[::2] }} {{ list[::-1] }} {{ list[5:] }} {{ name[-100:100] }} {{ name[4:1:-1] }} {{ list[:0] }} {{ name[10:] }}|",
    # filters
    "{{ name | upper }} {{ name | lower }} {{ 'hello wORLD-foo bar' | title }} {{ 'hELLO' | capitalize }} {{ space | trim }}| {{ 'xxaxx' | trim('x') }}",
    "{{ list | length }} {{ cjk | length }} {{ d | count }} {{ missing | length }} {{ list | first }} {{ list | last }} {{ name | first }} {{ none_list | first }}|",
    "{{ list | sort }} {{ list | sort(reverse=true) }} {{ words | sort }} {{ words | sort(case_sensitive=true) }} {{ people | sort(attribute='name') | map(attribute='name') | join(',') }}",
    "{{ list | join }} {{ list | join(', ') }} {{ people | join('-', attribute='name') }} {{ words | reverse | list }} {{ name | reverse }}",
    "{{ missing | default('dflt') }} {{ empty | default('e', true) }} {{ nothing | default('n') }} {{ missing | d }}|",
    "{{ people | map(attribute='boss.name', default='-') | list }} {{ words | map('upper') | list }} {{ list | map('string') | join('+') }}",
    "{{ people | selectattr('age') | map(attribute='name') | list }} {{ people | rejectattr('boss', 'defined') | map(attribute='name') | list }} {{ people | selectattr('name', 'equalto', 'Bob') | list }}",
    "{{ [0, 1, '', 'a', none] | select | list }} {{ [1, 2, 3, 4] | select('odd') | list }} {{ [1, 2, 3] | reject('equalto', 2) | list }} {{ [1, 2, 3, 4] | select('divisibleby', 2) | list }}",
    "{{ d | tojson }} {{ cjk | tojson }} {{ r | tojson }} {{ [] | tojson }} {{ {} | tojson }} {{ none | tojson }} {{ true | tojson }}",
    "{{ d | tojson(indent=2) }}|{{ [] | tojson(indent=2) }}|{{ d | tojson(sort_keys=true) }}|{{ d | tojson(ensure_ascii=true) }}|{{ [1, {'a': 2}] | tojson(separators=(',', ':')) }}",
    "{{ d.items() | list }} {{ d | items | list | length }} {{ d | dictsort | map('first') | list }} {{ d.keys() | list }} {{ d.values() | list | first }} {{ d.get('z') }} {{ d.get('q') }} {{ d.get('q', 5) }}",
    "{{ 'a-b' | replace('-', '+') }} {{ 'aaaa' | replace('a', 'b', 2) }} {{ n | string }} {{ '42' | int }} {{ 'x' | int }} {{ 'x' | int(9) }} {{ 3.9 | int }} {{ '2.5' | float }} {{ -3 | abs }} {{ 2.567 | round(2) }} {{ 2.5 | round }} {{ 2.1 | round(0, 'ceil') }}",
    "{{ html | escape }} {{ html | safe }} {{ 'a b  c' | wordcount }} {{ [1, 1, 'A', 'a', 2] | unique | list }} {{ [3, 1, 2] | min }} {{ [3, 1, 2] | max }} {{ list | sum }} {{ [1, 2, 3, 4, 5] | batch(2, 0) | list }}",
    "{{ 'a\nb\n\nc' | indent }}|{{ 'a\nb' | indent(2, true) }}|{{ 'a\n\nb' | indent(3, false, true) }}|{{ 'x' | indent('>>', true) }}",
    "{{ 'abc' | list }} {{ d | list }} {{ range(3) | list }} {{ range(1, 7, 2) | list }} {{ range(3, 0, -1) | list }}",
    "{{ words | join(' ') | upper | replace(' ', '_') }}", "{{ -n | abs }} {{ (n - 10) | abs }}",
    # tests
    "{{ n is number }} {{ n is integer }} {{ r is float }} {{ t is boolean }} {{ t is number }} {{ t is integer }} {{ name is string }} {{ list is sequence }} {{ d is mapping }} {{ d is iterable }} {{ n is iterable }} {{ name is iterable }} {{ nothing is none }} {{ missing is defined }} {{ missing is undefined }} {{ t is true }} {{ t is false }} {{ 1 is true }}",
    "{{ n is odd }} {{ n is even }} {{ n is divisibleby 7 }} {{ n is divisibleby(2) }} {{ n is eq 7 }} {{ n is ne 7 }} {{ n is gt 3 }} {{ n is lt(3) }} {{ n is ge 7 }} {{ n is le 6 }} {{ 1 is in list }} {{ 'a' is lower }} {{ 'A' is upper }} {{ n is not none }} {{ not n is none }} {{ n is not odd }} {{ n is sameas n }} {{ raise_exception is callable }}",
    "{{ missing is defined and missing.x }} {{ n is defined and n > 3 }} {{ 'x' if missing is undefined or false else 'y' }}",
    # methods
    "{{ space.strip() }}|{{ space.lstrip() }}|{{ space.rstrip() }}|{{ 'xxaxx'.strip('x') }}|{{ 'abcabc'.rstrip('bc') }}|{{ 'a' .upper() }}",
    "{{ long.split('-') }} {{ long.split('-', 1) }} {{ long.rsplit('-', 1) }} {{ ' a  b '.split() }} {{ 'a b c'.split(none, 1) }} {{ lines.splitlines() }} {{ 'a'.split('b') }} {{ ''.split('x') }} {{ ''.split() }}",
    "{{ name.startswith('Wo') }} {{ name.endswith(('x', 'ld')) }} {{ name.find('r') }} {{ name.find('q') }} {{ cjk.find('世') }} {{ 'aXbX'.rfind('X') }} {{ 'banana'.count('an') }} {{ 'abc'.index('c') }} {{ name.replace('o', '0') }} {{ 'aaa'.replace('a', 'b', 2) }}",
    "{{ ','.join(words) }} {{ 'Hello World'.title() }} {{ 'hELLO wORLD'.capitalize() }} {{ 'ab1'.isalnum() }} {{ '12'.isdigit() }} {{ 'ab'.isalpha() }} {{ ' '.isspace() }} {{ 'AB'.isupper() }} {{ 'ab'.islower() }} {{ ''.isdigit() }} {{ 'prefix-x'.removeprefix('prefix-') }} {{ 'x.txt'.removesuffix('.txt') }}",
    "{{ list.index(1) }} {{ [1, 1, 2].count(1) }} {{ d.copy() == d }}",
    # statements
    "{% for x in list %}{{ x }}{% if not loop.last %},{% endif %}{% endfor %}", "{% for x in none_list %}x{% else %}none{% endfor %}",
    "{% for x in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}",
    "{% for x in list %}{{ loop.cycle('a', 'b') }}{% if loop.changed(x > 1) %}!{% endif %}{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for k in d %}{{ k }}{% endfor %}{% for (a, b) in [[1, 2], [3, 4]] %}{{ a }}{{ b }}{% endfor %}",
    "{% for x in [1, 2, 3, 4, 5, 6] if x % 2 == 0 %}{{ loop.index }}:{{ x }} {{ loop.length }};{% endfor %}",
    "{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% for a in [1, 2] %}{% for b in 'xy' %}{{ a }}{{ b }}{{ loop.depth }}{% if b == 'x' %}{% continue %}{% endif %}.{% endfor %}{% endfor %}",
    "{% for x in 'ab', 'cd' %}{{ x }};{% endfor %}{% for x in missing %}x{% else %}u{% endfor %}",
    "{% set a = 1 %}{% set a, b = a + 1, 'q' %}{{ a }}{{ b }}{% if t %}{% set c = 5 %}{% endif %}{{ c }}{% for x in [1] %}{% set a = 9 %}{{ a }}{% endfor %}{{ a }}",
    "{% set ns = namespace(x=1, y='k') %}{% for i in range(3) %}{% set ns.x = ns.x + i %}{% endfor %}{{ ns.x }}{{ ns.y }}{{ ns.q is defined }}",
    "{% set block %}in {{ n }}{% endset %}{{ block | upper }}{% set f | upper | replace('A', 'b') %}aaz{% endset %}{{ f }}",
    "{% filter upper %}ab{{ name }}{% endfilter %}{% filter replace('a', 'b') | upper %}aac{% endfilter %}",
    "{% macro m(a, b=2, c='x') %}[{{ a }}|{{ b }}|{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(1, c='z') }}{{ m(a=4, b=5) }}{{ m() }}",
    "{% macro fact(k) %}{% if k <= 1 %}1{% else %}{{ k * (fact(k - 1) | int) }}{% endif %}{% endmacro %}{{ fact(6) }}{% set g = 3 %}{% macro see() %}{{ g }}{{ missing }}{% endmacro %}{{ see() }}",
    "{% if false %}a{% elif n == 7 %}b{% else %}c{% endif %}{% if none %}x{% endif %}{% if [] %}x{% else %}y{% endif %}",
    "{{ dict(a=1, b='x') }} {{ dict({'q': 1}, z=2) }} {{ {'a': 1, 'a': 2} }} {{ (1, 2) | list }} {{ ['x',] }} {{ {'k': [1, 2,],} }}",
    # whitespace control
    "a\n  {% if true %}\n  b\n  {% endif %}\n  c\n", "a  {%- if true -%}  b  {%- endif -%}  c", "x\n{# comment #}\ny\n  {# other #}  \nz {#- tight -#} w",
    "a\n  {%+ if true %}\n b{% endif +%}\n c", "{% if true %}  \n a{% endif %}  \nb", "  {{ n }}\n  {{- n }}  {{ n -}}  \n end",
    "\n\n  {% for x in [1, 2] %}\n\n  {{ x }}\n  {% endfor %}\n\n", "{% raw %}{{ not this }} {% if %}{% endraw %}!", "a\n  {% raw -%}\n  x {{ y }}\n  {%- endraw %}\n  z",
    "{%- set a = 1 -%}\n\n  text \u3000{{- a }}", "line\r\n{% if true %}\r\nx{% endif %}\r\n", "{{ '{%' }} {{ '}}' }} {{ {'a': {'b': 1}}['a']['b'] }}", "a\n \u00a0 {% if true %}\nb{% endif %}",
    "{{\n n\n}}{%\nif\ntrue\n%}x{%endif%}", "{% if true %}\n{% if true %}\n{{ n }}\n{% endif %}\n{% endif %}\n", "tail\n\n", "tail {% if true %}x{% endif %}\n",
    "<{#- a -#}>  <{# b -#}  >", "{%- for c in 'abc' -%} {{ c }} {%- endfor %}",
    # generation
    "a{% generation %}b{{ n }}{% endgeneration %}c\n{% generation %}\n  d{% endgeneration %}",
]

FAILURES = [
    "{{ missing.x }}", "{{ missing + 'a' }}", "{{ 'a' + 1 }}", "{{ nothing.x.y }}", "{{ list.append(1) }}", "{{ d.update({'a': 1}) }}", "{{ 1 / 0 }}",
    "{{ raise_exception('stop here') }}", "{% if %}x{% endif %}", "{% for x in %}{% endfor %}", "{{ n | nofilter }}", "{{ n is notest }}", "{% if true %}", "{{ 'open }}",
    "{% unknown %}", "{{ 1 + }}", "{% endif %}", "{{ (1 }}", "{% for x in 5 %}{% endfor %}", "{{ nofunction() }}", "{{ 1 < 'a' }}", "{% set x.y = 1 %}", "{# open",
    "{{ [1, 2 }}", "{% break %}", "{{ n() }}", "{% for a, b in [[1]] %}{% endfor %}", "{{ 'x' in n }}", "{{ n | join }}", "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{% endmacro %}{{ m(b=2) }}",
]

TOOLS = [{"type": "function", "function": {
    "name": "get_weather", "description": "Weather <now> of a city & its \"sky\"",
    "parameters": {"type": "object", "properties": {
        "city": {"type": "string", "description": "名字"}, "unit": {"type": ["string", "null"], "enum": ["C", "F"]}},
        "required": ["city"]}}},
    {"type": "function", "function": {"name": "stop", "description": "", "parameters": {"type": "object", "properties": {}}}}]
SIMPLE = [{"role": "user", "content": "Hello, 世界! "}, {"role": "assistant", "content": " Hi there.\n"},
          {"role": "user", "content": "Tell me\nmore"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\nMore of it."}]
SYSTEM = [{"role": "system", "content": "Be brief."}] + SIMPLE
CALLS = [{"role": "user", "content": "Weather in Rome?"},
         {"role": "assistant", "content": "", "tool_calls": [
             {"type": "function", "id": "call00001", "function": {"name": "get_weather", "arguments": {"city": "Rome \"Città\"", "unit": None, "n": 1.5}}}]},
         {"role": "tool", "content": "{\"sky\": \"clear\"}"}, {"role": "assistant", "content": "It is clear."}]
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


def render(source, **variables):
    compiled = chat_template_utils._compile_jinja_template(source)
    if "endgeneration" in source:
        text, spans = chat_template_utils._render_with_assistant_indices(
            compiled, variables.pop("messages", None), variables.pop("tools", None),
            variables.pop("documents", None), variables.pop("add_generation_prompt", False), **variables)
        return text, [list(span) for span in spans]
    return compiled.render(**variables), []


def case(text, variables, names):
    try:
        text, spans = render(text, **variables)
    except Exception as failure:  # whatever jinja or the template raises
        return {**names, "error": f"{type(failure).__name__}: {failure}"}
    return {**names, "output": text, "generation": spans}


def main():
    snippets = [case(source, VARIABLES, {"source": source}) for source in SNIPPETS + FAILURES]
    wrong = [one for one, is_bad in zip(snippets, [False] * len(SNIPPETS) + [True] * len(FAILURES))
             if ("error" in one) != is_bad]
    assert not wrong, wrong
    conversations = {"simple": {"messages": SIMPLE}, "prompt": {"messages": SIMPLE[:3], "add_generation_prompt": True},
                     "system": {"messages": SYSTEM}, "tools": {"messages": CALLS, "tools": TOOLS},
                     "calls": {"messages": [{"role": "system", "content": "S"}] + CALLS[:3], "tools": TOOLS, "add_generation_prompt": True},
                     "documents": {"messages": SIMPLE[:1], "documents": [{"title": "a dog", "text": "line\nsecond\n"}, {"text": "x"}]}}
    templates = []
    for path in sorted((DATA / "templates").glob("*.jinja")):
        source = path.read_text(encoding="utf-8")
        for name, given in conversations.items():
            variables = {"add_generation_prompt": False, **given, **TOKENS}
            if "tools" not in variables and path.stem in ("qwen25_tools", "command"):
                variables["tools"] = None
            if "documents" not in variables and path.stem == "command":
                variables["documents"] = None
            names = {"template": path.stem, "conversation": name, "variables": variables}
            templates.append(case(source, dict(variables), names))
    data = {"variables": VARIABLES, "snippets": snippets, "templates": templates}
    (DATA / "jinja_goldens.json").write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(len(snippets), "snippets,", len(templates), "renderings,", sum("error" in t for t in templates), "refused")


main()
