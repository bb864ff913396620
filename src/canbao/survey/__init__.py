"""The survey (调查核实登记): asking the people whom data could not settle."""
