"""Items that sources have wrong: corrections that an officer asks for, objections of the insured at the counter."""
