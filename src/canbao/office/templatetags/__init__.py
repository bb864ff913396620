"""Words that the office's templates have besides Django's."""
