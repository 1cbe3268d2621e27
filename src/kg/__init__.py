"""The Chinese friendship cities of Seocho-gu as a knowledge graph."""
