"""Invented cities for demonstrations, tests and benchmarks; nobody in them is real."""

from canbao.batch.generator.city import GeneratedCity, generate_city
from canbao.batch.generator.refusal import FIRST_DAY, LAST_DAY, GeneratorError

__all__ = ["FIRST_DAY", "LAST_DAY", "GeneratedCity", "GeneratorError", "generate_city"]
