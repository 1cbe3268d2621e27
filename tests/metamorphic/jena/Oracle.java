import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.jena.query.Dataset;
import org.apache.jena.query.Query;
import org.apache.jena.query.QueryExecution;
import org.apache.jena.query.QueryFactory;
import org.apache.jena.query.ResultSetFormatter;
import org.apache.jena.query.Syntax;
import org.apache.jena.riot.RDFDataMgr;
import org.apache.jena.riot.RDFFormat;

/**
 * Answers every query of a directory from one file of N-Quads: {@code name.rq} becomes {@code name.srj} (solutions or a
 * boolean), {@code name.nt} (a graph) or {@code name.error}. One process for all of them, so that Java starts once.
 */
public final class Oracle {
  private static final long SECONDS = 30;

  private Oracle() {}

  public static void main(String[] arguments) throws IOException {
    Dataset dataset = RDFDataMgr.loadDataset(arguments[0]);
    for (Path query : queries(Path.of(arguments[1]))) {
      try {
        answer(dataset, query);
      } catch (RuntimeException error) {
        Files.writeString(named(query, "error"), error.toString());
      }
    }
  }

  private static List<Path> queries(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".rq")).sorted().toList();
    }
  }

  private static void answer(Dataset dataset, Path file) throws IOException {
    Query query = QueryFactory.create(Files.readString(file), Syntax.syntaxSPARQL_11);
    boolean isGraph = query.isConstructType() || query.isDescribeType();
    try (QueryExecution execution =
            QueryExecution.dataset(dataset).query(query).timeout(SECONDS, TimeUnit.SECONDS).build();
        OutputStream output = Files.newOutputStream(named(file, isGraph ? "nt" : "srj"))) {
      if (query.isAskType()) {
        ResultSetFormatter.outputAsJSON(output, execution.execAsk());
      } else if (query.isSelectType()) {
        ResultSetFormatter.outputAsJSON(output, execution.execSelect());
      } else if (query.isConstructType()) {
        RDFDataMgr.write(output, execution.execConstruct(), RDFFormat.NTRIPLES_UTF8);
      } else {
        RDFDataMgr.write(output, execution.execDescribe(), RDFFormat.NTRIPLES_UTF8);
      }
    }
  }

  private static Path named(Path query, String ending) {
    return query.resolveSibling(query.getFileName().toString().replaceFirst("rq$", ending));
  }
}
