"""Invented cities for demonstrations, tests and benchmarks; nobody in them is real."""

from canbao.batch.generator.city import GeneratedCity, generate_city

__all__ = ["GeneratedCity", "generate_city"]
