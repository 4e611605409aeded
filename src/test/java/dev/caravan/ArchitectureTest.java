package dev.caravan;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The package structure, as docs and decisions describe it. */
@AnalyzeClasses(packages = "dev.caravan", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule CHAT_KNOWS_NO_FRAMEWORK = classes()
            .that()
            .resideInAPackage("dev.caravan.chat..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", "dev.caravan.chat.."));

    @ArchTest
    static final ArchRule CAMEL_STAYS_WHERE_IT_IS = noClasses()
            .that()
            .resideOutsideOfPackages("dev.caravan.camel..", "dev.caravan.broker..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.apache.camel.."));

    @ArchTest
    static final ArchRule CODECS_AND_CLIENT_KNOW_NO_FRAMEWORK = noClasses()
            .that()
            .resideInAnyPackage("dev.caravan.chat..", "dev.caravan.provider..", "dev.caravan.client..")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.springframework..", "org.apache.camel..", "org.apache.kafka.."));

    @ArchTest
    static final ArchRule CLI_SPEAKS_HTTP_ONLY = noClasses()
            .that()
            .resideInAPackage("dev.caravan.cli..")
            .should()
            .dependOnClassesThat(resideInAPackage("org.springframework.."));

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("dev.caravan.(*)..").should().beFreeOfCycles();

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses all) {
        var unmarked = all.stream()
                .map(each -> each.getPackage())
                .distinct()
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(each -> each.getName())
                .collect(Collectors.toSet());
        assertThat(unmarked).isEmpty();
    }
}
