"""The W3C SPARQL suites, run black box over HTTP against any server.

``manifest`` reads the tests; ``query_tests``, ``update_tests``, ``syntax_tests``, ``exchange_tests`` and
``description_tests`` run one kind each; ``suite_run`` runs them all; ``earl`` and ``report`` write down what came out.
"""
