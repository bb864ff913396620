# The same commands as ./run, for those who have just.

# Everything from made-up files to a report: the demonstration.
run:
    ./run demo

# Format, lint, types, rooms, books, law.
check:
    ./run check

test:
    ./run test

bench:
    ./run bench

bench-survey:
    ./run bench-survey

bench-phones:
    ./run bench-phones

bench-living:
    ./run bench-living

# Write the two books again from the law.
book:
    ./run book
